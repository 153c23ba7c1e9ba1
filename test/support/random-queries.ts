import { Random } from './entries.ts';

const PIECES = [
	...'a b word timeout time* ti?e level error WARNING task_id daily user.id extra run_id ts'.split(
		' ',
	),
	...': = != >= <= > < == :>= ( ) (( )) [ ] { } " \\" \\ / /a+/ /i - ! -- * *: @ . .. , | & && ||'.split(
		' ',
	),
	...'AND OR NOT TO and or not 5 1.5s -15m now 2026-07-01 10:19 null is: has: since: until:'.split(
		' ',
	),
	...'level:error|user.id:5|"a b"|ts:>-1h|f:[1 TO 2]|is:late|f:(a OR b)'.split('|'),
	...'\ud83d\ude00 \ud83d ä \0'.split(' '),
	'\t',
	'\n',
];

/** Texts a user might type, most of them wrong, and the same ones in every run. */
export function* randomQueries(count: number, seed = 1): Generator<string> {
	const random = new Random(seed);
	for (let index = 0; index < count; index++) {
		const pieces = Array.from({ length: 1 + random.below(8) }, () => {
			const piece = random.pick(PIECES);
			return random.chance(0.6) ? `${piece} ` : piece;
		});
		yield pieces.join('');
	}
}
