/** Every error that may cross a process boundary carries one of these codes. */
export type ErrorCode =
	| 'invalid-params'
	| 'unknown-method'
	| 'source-unavailable'
	| 'not-allowed'
	| 'storage-failed'
	/** What it was opened on is not as it was: it has to be opened again. */
	| 'storage-changed'
	| 'export-exists'
	| 'export-failed'
	| 'data-folder-in-use'
	| 'invalid-options'
	| 'closed'
	| 'internal';

/** The plain-data form of an error: structured clone and contextBridge drop custom properties. */
export interface ErrorData {
	readonly code: ErrorCode;
	readonly message: string;
}

/**
 * An error a user or a caller can act on. The message says what failed, on what, and what to do;
 * it is shown as it is, so it holds no stack and no internal names.
 */
export class AppError extends Error {
	override readonly name = 'AppError';
	readonly code: ErrorCode;

	constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
		super(message, options);
		this.code = code;
	}
}

/** The wire form of anything that was thrown. What is not an `AppError` becomes `internal`. */
export function toErrorData(error: unknown): ErrorData {
	if (error instanceof AppError) {
		return { code: error.code, message: error.message };
	}
	return { code: 'internal', message: messageOf(error) };
}

/** Rebuilds the error on the other side of a channel. */
export function fromErrorData(data: ErrorData): AppError {
	return new AppError(data.code, data.message);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** Closes a `switch` over a union: a new member is a compile error here. */
export function assertNever(value: never): never {
	throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
