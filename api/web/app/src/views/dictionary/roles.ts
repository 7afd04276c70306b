/** What the parts of a table are, said once more: shown as cards on a phone, they are no longer a table
 *  to some screen readers. */
export const roles = {
  table: { role: 'table' },
  group: { role: 'rowgroup' },
  row: { role: 'row' },
  column: { role: 'columnheader' },
  header: { role: 'rowheader' },
  cell: { role: 'cell' },
} as const;
