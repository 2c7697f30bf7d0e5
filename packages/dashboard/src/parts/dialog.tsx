import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface Props {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly onClose: () => void;
}

/** A modal dialog. Escape closes it, and the focus returns to where it was. */
export function Dialog({ title, children, onClose }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const isShown = useRef(true);
  useLayoutEffect(() => {
    const dialog = element.current!;
    dialog.showModal();
    return () => {
      isShown.current = false;
      dialog.close();
    };
  }, []);
  // The browser tells of a closed dialog later, when another one may be open.
  const closed = (): void => {
    if (isShown.current) onClose();
  };
  return (
    <dialog ref={element} aria-label={title} onClose={closed} onCancel={closed}>
      <h2>{title}</h2>
      {children}
    </dialog>
  );
}
