import { severityClass } from '../../../shapes/histogram.ts';
import { levelOfText } from '../../segment/dictionary.ts';
import type { Dictionary } from '../../segment/dictionary.ts';
import type { LevelClasses } from './time-tally.ts';

/** Says which of `SEVERITY_CLASSES` each level is counted as; made anew when levels came. */
export function levelClasses(dictionary: Dictionary): LevelClasses {
	let classes = new Uint8Array(0);
	return () => {
		const count = dictionary.count('level') + 1;
		if (classes.length !== count) {
			classes = Uint8Array.from({ length: count }, (_, id) =>
				severityClass(levelOfText(dictionary.text('level', id)).severity),
			);
		}
		return classes;
	};
}
