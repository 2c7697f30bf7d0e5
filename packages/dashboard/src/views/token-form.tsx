import { useState } from 'preact/hooks';

/** Asks for the token of the control API. */
export function TokenForm({ onToken }: { readonly onToken: (token: string) => void }) {
  const [token, setToken] = useState('');
  return (
    <main class="token-form card">
      <h1>Drumline</h1>
      <p>
        This master needs a token. It is in the file <code>drumline.api-token</code>, or in{' '}
        <code>drumline.api-view-token</code> for reading only.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onToken(token);
        }}
      >
        <label>
          Token
          <input
            type="password"
            autocomplete="off"
            autofocus
            value={token}
            onInput={({ currentTarget }) => setToken(currentTarget.value)}
          />
        </label>
        <p class="buttons">
          <button type="submit" class="primary" disabled={token.trim() === ''}>
            Open
          </button>
        </p>
      </form>
    </main>
  );
}
