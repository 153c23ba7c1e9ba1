import type { EngineState } from '#shared/api/engine.ts';
import type { StorageInfo } from '#shared/model/storage.ts';

/** What the storage that is asked refuses, as a sentence. Of the local database sources tell it. */
export function storageProblem({ storages }: Pick<EngineState, 'storages'>): string | undefined {
	const [active] = storages;
	return active === undefined || active.kind === 'sqlite' ? undefined : problemOf(active);
}

function problemOf({ name, condition, message, waiting, missed }: StorageInfo): string | undefined {
	const reason = message === undefined ? '' : ` ${message}`;
	if (waiting > 0) {
		return `${entries(waiting)} not taken by ${name}.${reason}`;
	}
	if (missed > 0) {
		return `${entries(missed)} gone before ${name} had taken them.${reason}`;
	}
	return condition === 'failed' ? message : undefined;
}

function entries(count: number): string {
	return count === 1 ? 'One entry was' : `${count.toLocaleString('en-US')} entries were`;
}
