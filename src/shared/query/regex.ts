import { RE2JS, RE2JSException } from 're2js';

/**
 * Regular expressions that users write. They run in RE2's way, in time linear in the text: no
 * expression can hang anything. The price is that there are no look-arounds and back references.
 */
export interface SafeRegex {
	/** Whether it matches somewhere in the text. */
	readonly test: (text: string) => boolean;
	/** Every match that is not empty, in order, without overlaps: UTF-16 units [from, to). */
	readonly hits: (text: string) => readonly { readonly from: number; readonly to: number }[];
}

/**
 * The most steps an expression may be made of. The time that a text takes is its length times
 * these, which is linear and still much for `(\\pL{999}){2}`.
 */
const MAX_STEPS = 1_000;

/** Throws if the expression cannot be read: `regexProblem` says why. */
export function compileRegex(source: string, ignoreCase: boolean): SafeRegex {
	const regex = RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
	return {
		test: (text) => regex.test(text),
		hits: (text) => {
			const found: { from: number; to: number }[] = [];
			const matcher = regex.matcher(text);
			while (matcher.find()) {
				if (matcher.end() > matcher.start()) {
					found.push({ from: matcher.start(), to: matcher.end() });
				}
			}
			return found;
		},
	};
}

/** Why a regular expression cannot be used, as the end of a sentence; `undefined` if it can. */
export function regexProblem(source: string): string | undefined {
	try {
		return RE2JS.compile(source).programSize() > MAX_STEPS
			? 'it is too large, repeat less often'
			: undefined;
	} catch (error) {
		if (!(error instanceof RE2JSException)) {
			throw error;
		}
		if (/\(\?<?[=!]/.test(source)) {
			return 'look-ahead and look-behind are not supported';
		}
		if (/\\[1-9]/.test(source)) {
			return 'back references are not supported';
		}
		return error.message.replace(/^error parsing regexp: /, '').replaceAll('`', '');
	}
}
