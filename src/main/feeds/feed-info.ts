import type { HostInfo } from '#shared/api/host.ts';
import { formatAddress } from '#shared/model/feed-address.ts';
import { fixedPlace } from './fixed-place.ts';

/** What a window has to know to show how a scheduler is connected. */
export function feedInfo(app: {
	readonly python: string;
}): Pick<HostInfo, 'feedAddress' | 'pythonPath'> {
	return { feedAddress: formatAddress(fixedPlace()), pythonPath: app.python };
}
