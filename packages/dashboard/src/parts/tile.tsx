interface Props {
  readonly title: string;
  readonly value: string;
  readonly detail: string;
  readonly tone?: string;
}

/** A figure with its name. */
export function Tile({ title, value, detail, tone = '' }: Props) {
  return (
    <div class={`tile ${tone}`}>
      <h2>{title}</h2>
      <p class="value">{value}</p>
      <p class="detail">{detail}</p>
    </div>
  );
}
