import { formatCount } from '../../lib/format-number.ts';
import { MAX_SELECTED } from './row-selection.svelte.ts';
import type { Workspace } from '../workspace.svelte.ts';

/** Says so if some rows were not chosen, because they are too many or could not be fetched. */
export async function saidIfCut({ notices }: Workspace, choosing: Promise<number>): Promise<void> {
	try {
		const left = await choosing;
		if (left > 0) {
			notices.remark(
				`No more than ${formatCount(MAX_SELECTED)} rows can be chosen: ${formatCount(left)} were left out.`,
			);
		}
	} catch (error) {
		notices.error(error);
	}
}
