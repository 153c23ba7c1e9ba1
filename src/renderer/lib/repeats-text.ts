import type { Repeats } from '#shared/model/entry.ts';
import { formatCount } from './format-number.ts';

/** How often an entry was told, with its repeats: `×38`, `×38+` where there may be more. */
export function repeatsText({ count, isOpen }: Repeats): string | undefined {
	return count === 0 ? undefined : `×${formatCount(count + 1)}${isOpen ? '+' : ''}`;
}
