import { resolve } from 'node:path';
import * as v from 'valibot';

const handedOverSchema = v.object({
	args: v.pipe(v.array(v.pipe(v.string(), v.maxLength(4_096))), v.maxLength(1_000)),
	cwd: v.pipe(v.string(), v.minLength(1), v.maxLength(4_096)),
});

/** What a second start hands over to the first. */
export type HandedOver = v.InferOutput<typeof handedOverSchema>;

/**
 * The arguments meant for the app. Run from its folder, `electron [switches] <folder> …` puts its
 * own and Chromium's before them; packaged, they follow the program.
 */
export function ownArgs(argv: readonly string[], appPath: string, isPackaged: boolean): string[] {
	const at = argv.findIndex((arg, index) => index > 0 && resolve(arg) === resolve(appPath));
	return argv.slice(isPackaged || at === -1 ? 1 : at + 1);
}

/** What came from another process, if it is what a second start of this app hands over. */
export function parseHandedOver(value: unknown): HandedOver | undefined {
	const result = v.safeParse(handedOverSchema, value);
	return result.success ? result.output : undefined;
}
