/**
 * Asks again until the answer is complete, however many answers that takes; `undefined` if nobody
 * waits for it any more.
 */
export async function askFully<Answer extends { readonly complete: boolean }>(
	ask: () => Promise<Answer>,
	isOver: () => boolean,
): Promise<Answer | undefined> {
	while (!isOver()) {
		const answer = await ask();
		if (answer.complete && !isOver()) {
			return answer;
		}
	}
	return undefined;
}
