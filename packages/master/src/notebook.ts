import type { Note, NoteCode } from '@drumline/model';

/** The notes of a run. One with a key replaces the one before it of the same key, so that what repeats is said once. */
export class Notebook {
  private readonly byKey = new Map<string, Note>();
  private count = 0;
  private written: readonly (readonly [key: string, note: Note])[] | undefined;

  constructor(private readonly onNote: (note: Note) => void) {}

  add(code: NoteCode, message: string, key = `#${(this.count += 1)}`): void {
    const note = { code, message };
    const isNew = !this.byKey.has(key);
    this.byKey.set(key, note);
    this.written = undefined;
    if (isNew) this.onNote(note);
  }

  /** Takes over what another master had noted. */
  takeUp(entries: readonly (readonly [key: string, note: Note])[]): void {
    for (const [key, note] of entries) this.byKey.set(key, note);
    this.count = entries.length;
  }

  get all(): Note[] {
    return [...this.byKey.values()];
  }

  /** All notes with their keys; the same array as long as nothing is added. */
  get entries(): readonly (readonly [key: string, note: Note])[] {
    return (this.written ??= [...this.byKey]);
  }

  has(code: NoteCode): boolean {
    return this.all.some((note) => note.code === code);
  }
}
