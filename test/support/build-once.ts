import { build, isBuildStale } from '#main/launch/build.ts';
import { root } from './hosts/test-host.ts';

/** Builds the app before the first test that starts it, if what is built is not of these sources. */
export function setup(): void {
	if (isBuildStale(root)) {
		build(root);
	}
}
