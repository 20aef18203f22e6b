/** A row as it stands in the file, or the rule it breaks before its columns can be told apart. */
export type RawRow<T> = { line: number; data: T } | { line: number; rule: string };
