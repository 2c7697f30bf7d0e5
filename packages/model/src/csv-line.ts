export type CsvCell = string | number;

/**
 * Formats a line as RFC 4180: it ends with CRLF, and cells are quoted where necessary. Text that a
 * spreadsheet would read as a formula gets an apostrophe in front (OWASP, CSV Injection), because
 * names and errors may contain text from the target.
 */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(quote).join(',')}\r\n`;
}

function quote(cell: CsvCell): string {
  if (typeof cell === 'number') return String(cell);
  const text = isFormula(cell) ? `'${cell}` : cell;
  // In some locales, spreadsheets separate cells by semicolons.
  return text !== cell || /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Some programs ignore leading whitespace and treat full-width characters like ASCII ones. */
function isFormula(cell: string): boolean {
  return /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/.test(cell);
}
