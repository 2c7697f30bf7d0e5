import type { ListedSeries } from '@drumline/client';
import { nameText } from '../../parts/series-name.js';
import { pins, togglePin } from './pins.js';

interface Props {
  readonly series: ListedSeries;
  /** Whether it says what it does, where there is room. */
  readonly hasText?: boolean;
}

/** Shows a series in the charts of the run, or does not any more. */
export function PinButton({ series, hasText = false }: Props) {
  const { id } = series;
  const place = pins().indexOf(id);
  const text = `${place < 0 ? 'Pin to the charts' : 'Unpin from the charts'}: ${nameText(series)}`;
  return (
    <button
      type="button"
      class={place < 0 ? 'pin' : `pin pin-${place + 1}`}
      aria-pressed={place >= 0}
      aria-label={hasText ? undefined : text}
      title={text}
      onClick={(event) => {
        event.stopPropagation();
        togglePin(id);
      }}
    >
      <span aria-hidden="true">{place < 0 ? '○' : '●'}</span>
      {hasText && (place < 0 ? ' Pin to the charts' : ' Pinned to the charts')}
    </button>
  );
}
