import type { Note, NoteCode } from '@drumline/model';

/** The notes of a run. One with a key replaces the one before it of the same key, so that what repeats is said once. */
export class Notebook {
  private readonly byKey = new Map<string, Note>();
  private count = 0;

  constructor(private readonly onNote: (note: Note) => void) {}

  add(code: NoteCode, message: string, key = `#${(this.count += 1)}`): void {
    const note = { code, message };
    const isNew = !this.byKey.has(key);
    this.byKey.set(key, note);
    if (isNew) this.onNote(note);
  }

  get all(): Note[] {
    return [...this.byKey.values()];
  }

  has(code: NoteCode): boolean {
    return this.all.some((note) => note.code === code);
  }
}
