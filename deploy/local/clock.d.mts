export function clockText(at?: Date): string;
export function stepLine(text: string, elapsedMs?: number): string;
