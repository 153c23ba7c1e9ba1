import type { EngineState } from '#shared/api/engine.ts';

/**
 * What the engine has answered, but for what it has told meanwhile: hosts pass events on at once and
 * answers a moment later, so that an event may come before an older answer, and it is not told again.
 * `asked`: what was known when it was asked; `now`: what is known when the answer is here. Settings are
 * those of the answer: a window that was not told any yet has changed some of its own.
 */
export function newerState(asked: EngineState, now: EngineState, answer: EngineState): EngineState {
	const told = Object.entries(now).filter(
		([name, value]) => name !== 'settings' && value !== asked[name as keyof EngineState],
	);
	return { ...answer, ...(Object.fromEntries(told) as Partial<EngineState>) };
}
