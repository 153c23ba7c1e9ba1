import type { EventEmitter } from 'node:events';

/** Emits an event that a listener may prevent; answers whether none did. */
export function emitPreventable(
	emitter: EventEmitter,
	name: string,
	details: object = {},
): boolean {
	let isPrevented = false;
	const preventDefault = (): void => {
		isPrevented = true;
	};
	emitter.emit(name, { ...details, preventDefault });
	return !isPrevented;
}
