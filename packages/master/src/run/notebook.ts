import { clip, printable, type Note, type NoteCode } from '@drumline/model';

/** More than anyone reads. Those that come after are counted. */
const MAX_NOTES = 1_000;
/** A stack fits in it. */
const MAX_LENGTH = 8_192;

/** The notes of a run. One with a key replaces the one before it of the same key, so that what repeats is said once. */
export class Notebook {
  private readonly byKey = new Map<string, Note>();
  private readonly codes = new Set<NoteCode>();
  private count = 0;
  private left = 0;
  private written: readonly (readonly [key: string, note: Note])[] | undefined;

  constructor(private readonly onNote: (note: Note) => void) {}

  add(code: NoteCode, message: string, key = `#${(this.count += 1)}`): void {
    this.codes.add(code);
    const note = { code, message: clip(printable(message), MAX_LENGTH) };
    const isNew = !this.byKey.has(key);
    if (isNew && this.byKey.size >= MAX_NOTES) {
      this.left += 1;
      return;
    }
    this.byKey.set(key, note);
    this.written = undefined;
    if (isNew) this.onNote(note);
  }

  /** Takes over what another master had noted. */
  takeUp(entries: readonly (readonly [key: string, note: Note])[]): void {
    for (const [key, note] of entries) {
      this.byKey.set(key, note);
      this.codes.add(note.code);
    }
    this.count = entries.length;
  }

  get all(): Note[] {
    const notes = [...this.byKey.values()];
    if (this.left === 0) return notes;
    return [...notes, { code: 'notes-limit', message: `${this.left} further notes are left out.` }];
  }

  /** All notes with their keys; the same array as long as nothing is added. */
  get entries(): readonly (readonly [key: string, note: Note])[] {
    return (this.written ??= [...this.byKey]);
  }

  has(code: NoteCode): boolean {
    return this.codes.has(code);
  }
}
