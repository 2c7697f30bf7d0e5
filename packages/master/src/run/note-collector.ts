import { clip, printable, type Note, type NoteCode } from '@drumline/model';

/** Maximum number of notes. More are only counted. */
const MAX_NOTES = 300;
/** Maximum number of notes of one code, so that repetitions leave room for others. */
const MAX_OF_A_CODE = 50;
/**
 * Maximum total length, characters. Every status response and every stored run contains all notes.
 */
const MAX_CHARACTERS = 256 * 1024;
/** Maximum length of one note, characters. A stack fits in it. */
const MAX_LENGTH = 8_192;

/**
 * The notes of a run, bounded in number and size. A note with a key replaces the previous note of
 * that key. Equal notes are added once.
 */
export class NoteCollector {
  private readonly byKey = new Map<string, Note>();
  private readonly codes = new Set<NoteCode>();
  private readonly numbers = new Map<NoteCode, number>();
  private readonly left = new Map<NoteCode, number>();
  private characters = 0;
  private written: readonly (readonly [key: string, note: Note])[] | undefined;

  constructor(private readonly onNote: (note: Note) => void) {}

  add(code: NoteCode, message: string, key?: string): void {
    this.codes.add(code);
    const note = { code, message: clip(printable(message), MAX_LENGTH) };
    const place = key ?? `${code}: ${note.message}`;
    const before = this.byKey.get(place);
    if (before?.message === note.message && before.code === code) return;
    if (!this.hasRoom(note, before)) {
      if (!before) this.left.set(code, (this.left.get(code) ?? 0) + 1);
      return;
    }
    this.put(place, note);
    if (!before) this.onNote(note);
  }

  private hasRoom({ code, message }: Note, before: Note | undefined): boolean {
    const characters = this.characters + message.length - (before?.message.length ?? 0);
    if (characters > MAX_CHARACTERS) return false;
    return (
      before !== undefined || (this.byKey.size < MAX_NOTES && (this.numbers.get(code) ?? 0) < MAX_OF_A_CODE)
    );
  }

  private put(key: string, note: Note): void {
    const before = this.byKey.get(key);
    if (!before) this.numbers.set(note.code, (this.numbers.get(note.code) ?? 0) + 1);
    this.characters += note.message.length - (before?.message.length ?? 0);
    this.byKey.set(key, note);
    this.written = undefined;
  }

  /** Restores the notes of another master. */
  restore(entries: readonly (readonly [key: string, note: Note])[]): void {
    for (const [key, note] of entries) {
      this.put(key, note);
      this.codes.add(note.code);
    }
  }

  get all(): Note[] {
    const left = [...this.left].map(([code, number]) => ({
      code: 'notes-limit' as const,
      message: `${number} more '${code}' notes are omitted.`,
    }));
    return [...this.byKey.values(), ...left];
  }

  /** All notes with their keys. Returns the same array until a note changes. */
  get entries(): readonly (readonly [key: string, note: Note])[] {
    return (this.written ??= [...this.byKey]);
  }

  has(code: NoteCode): boolean {
    return this.codes.has(code);
  }
}
