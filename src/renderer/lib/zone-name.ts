import type { TimeZone } from '#shared/model/settings.ts';
import { UTC } from '#shared/query/zone-offset.ts';

/** The name of the zone that the settings mean (IANA: `Europe/Berlin`), for reading times in it. */
export function zoneName(zone: TimeZone): string {
	return zone === 'utc' ? UTC : new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
