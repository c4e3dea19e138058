/** A table as it is printed: texts only, each row with one for each column. */
export interface PrintedTable {
  title?: string | undefined;
  columns: PrintedColumn[];
  rows: string[][];
}

export interface PrintedColumn {
  title: string;
  align: 'left' | 'right';
  /** The one column that takes the room the others leave, and whose texts may wrap. */
  wraps?: true;
}
