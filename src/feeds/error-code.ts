/** The system's name of an error, `ENOENT` for one; `undefined` if it is none of the system's. */
export function codeOf(error: unknown): string | undefined {
	return error instanceof Error && 'code' in error && typeof error.code === 'string'
		? error.code
		: undefined;
}

/** Whether an error is one of these of the system. */
export function isCode(error: unknown, ...codes: readonly string[]): boolean {
	return codes.includes(codeOf(error) ?? '');
}
