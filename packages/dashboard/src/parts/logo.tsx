export function Logo() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
      <rect x="2" y="11" width="3" height="7" rx="1" />
      <rect x="7" y="6" width="3" height="12" rx="1" />
      <rect x="12" y="2" width="3" height="16" rx="1" />
      <rect x="17" y="8" width="2" height="10" rx="1" />
    </svg>
  );
}
