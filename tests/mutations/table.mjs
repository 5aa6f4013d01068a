/** The table of proofs: what is removed, which test, green with the protection, red without it. Pure. */
export function renderTable(rows) {
  const cells = [
    ['mutation', 'green', 'red', 'test'],
    ...rows.map(({ mutation, green, red, test }) => [mutation, word(green), word(red), test.name]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column].length)));
  return cells.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')).join('\n');
}

function word({ ok }) {
  return ok ? 'yes' : 'NO';
}
