/** Browser script that sorts tables by a click on a column title and filters long tables. */
export const tableScript = `
for (const table of document.querySelectorAll('table[data-sortable]')) {
  const headings = [...table.tHead.rows[0].cells];
  headings.forEach((heading, column) => {
    heading.addEventListener('click', () => sortBy(table, headings, column));
  });
}

for (const input of document.querySelectorAll('input[data-filter]')) {
  input.hidden = false;
  const section = input.closest('section');
  const rows = [...section.querySelectorAll('tbody tr')];
  const count = section.querySelector('.count');
  input.addEventListener('input', () => {
    const wanted = input.value.trim().toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    const shown = rows.filter((row) => !row.hidden).length;
    count.textContent = shown === rows.length ? rows.length : shown + ' of ' + rows.length;
  });
}

/** Marks a table that is wider than the screen until it is scrolled to its end. */
for (const box of document.querySelectorAll('.scroll')) {
  const hint = box.previousElementSibling;
  const look = () => {
    const hidden = box.scrollWidth - box.clientWidth;
    box.classList.toggle('wide', hidden > 4);
    box.classList.toggle('at-end', box.scrollLeft >= hidden - 4);
    if (hint && hint.classList.contains('more')) hint.hidden = hidden <= 4;
  };
  box.addEventListener('scroll', look, { passive: true });
  new ResizeObserver(look).observe(box);
  look();
}

/**
 * The first click sorts numbers descending and text ascending; the next click reverses the order.
 */
function sortBy(table, headings, column) {
  const numeric = headings[column].classList.contains('num');
  const before = headings[column].getAttribute('aria-sort');
  const order = before ? (before === 'ascending' ? 'descending' : 'ascending') : numeric ? 'descending' : 'ascending';
  for (const heading of headings) heading.removeAttribute('aria-sort');
  headings[column].setAttribute('aria-sort', order);
  const sign = order === 'ascending' ? 1 : -1;
  const value = numeric
    ? (row) => Number(row.cells[column].dataset.sort)
    : (row) => row.cells[column].textContent.trim();
  const compare = numeric ? (a, b) => a - b : new Intl.Collator('en', { numeric: true }).compare;
  const body = table.tBodies[0];
  body.append(...[...body.rows].sort((a, b) => sign * compare(value(a), value(b))));
}
`;
