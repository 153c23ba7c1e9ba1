/** The choice a mistyped word was meant to be: at most two letters off. `undefined` if none is. */
export function nearest(word: string, choices: readonly string[]): string | undefined {
	const wanted = word.slice(0, 40).toLowerCase();
	let best: string | undefined;
	let least = Math.min(3, Math.max(2, wanted.length));
	for (const choice of choices) {
		const distance = lettersBetween(wanted, choice.toLowerCase());
		if (distance < least) {
			least = distance;
			best = choice;
		}
	}
	return best;
}

/** Levenshtein's distance. */
function lettersBetween(one: string, other: string): number {
	let row = Array.from({ length: other.length + 1 }, (_, index) => index);
	for (let i = 1; i <= one.length; i++) {
		const next = [i];
		for (let j = 1; j <= other.length; j++) {
			const same = one[i - 1] === other[j - 1] ? 0 : 1;
			next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same));
		}
		row = next;
	}
	return row[other.length] ?? 0;
}
