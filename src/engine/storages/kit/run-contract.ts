import { AssertionError } from 'node:assert';
import { messageOf } from '#shared/errors.ts';
import type { ContractCase } from './contract.ts';

/**
 * Runs cases one after another and tells a line for each: whether the storage does what is demanded,
 * and why not. Returns how many failed.
 */
export async function runContract(
	cases: readonly ContractCase[],
	tell: (line: string) => void,
): Promise<number> {
	let failed = 0;
	for (const { name, run } of cases) {
		try {
			await run();
			tell(`✓ ${name}`);
		} catch (error) {
			failed++;
			tell(`✗ ${name}\n${reasonOf(error)}`);
		}
	}
	tell(
		failed === 0
			? `It keeps the contract: all ${cases.length} cases passed.`
			: `It does not keep the contract: ${failed} of ${cases.length} cases failed.`,
	);
	return failed;
}

/** What differs, or what was thrown and by whom: a module's author looks for the place. */
function reasonOf(error: unknown): string {
	const cause = error instanceof Error ? error.cause : undefined;
	const stack = cause instanceof Error && !(error instanceof AssertionError) ? cause.stack : '';
	const text = [messageOf(error), stack ?? ''].filter((part) => part !== '').join('\n');
	return text.replaceAll(/^/gm, '    ');
}
