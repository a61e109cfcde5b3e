/** Mutants by what became of them. */
export interface MutationScore {
  killed: number;
  survived: number;
  uncovered: number;
}
export function scoreOf(report: object): MutationScore;
export function rowOf(folder: string, date: string, score: MutationScore): string;
export function withRows(text: string, rows: readonly string[]): string;
