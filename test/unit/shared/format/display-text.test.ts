import { describe, expect, test } from 'vitest';
import { displayLine, displayText } from '#shared/format/display-text.ts';

describe('displayText', () => {
	test.each([
		['plain text, also with ünïcödé, 日本語 and 😀', undefined],
		['tabs\tand\nnewlines', undefined],
		['windows\r\nlines', 'windows\nlines'],
		['a family 👨‍👩‍👧 and a flag 🏴‍☠️ stay whole', undefined],
		['NUL \0, bell \u0007, DEL \u007f', 'NUL ⟨U+0000⟩, bell ⟨U+0007⟩, DEL ⟨U+007F⟩'],
		['a C1 control \u0085 here', 'a C1 control ⟨U+0085⟩ here'],
		['user\u202egpj.exe', 'user⟨U+202E⟩gpj.exe'],
		['\u2066isolate\u2069', '⟨U+2066⟩isolate⟨U+2069⟩'],
		['zero\u200bwidth\u200djoin\ufeff', 'zero⟨U+200B⟩width⟨U+200D⟩join⟨U+FEFF⟩'],
		['tag \u{e0041}', 'tag ⟨U+E0041⟩'],
		['half \ud800 a character', 'half ⟨U+D800⟩ a character'],
	])('%j', (text, shown) => {
		expect(displayText(text)).toBe(shown ?? text);
	});

	test.each([
		['\u001b[31mred\u001b[0m text', 'red text'],
		['\u001b[38;2;1;2;3mcolour\u001b[m', 'colour'],
		['\u009b1mC1\u009b0m', 'C1'],
		['a \u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u0007 b', 'a link b'],
		['title \u001b]0;owned\u0007done', 'title done'],
		['\u001bPq device control\u001b\\after', 'after'],
		['\u001b(Bcharset', 'charset'],
		['\u001b[2J\u001b[Hcleared', 'cleared'],
	])('takes the terminal escape out of %j', (text, shown) => {
		expect(displayText(text)).toBe(shown);
	});

	test('shows an escape that has no end instead of hiding what follows', () => {
		expect(displayText('before \u001b]0;no end here')).toBe('before ⟨U+001B⟩]0;no end here');
	});

	test('takes linear time for what is made to be slow', () => {
		const started = performance.now();
		for (const piece of ['\u001b[', '\u001b]', '\u001b[0;', '\u001bP', '\u009b1', '\u200d😀']) {
			displayText(piece.repeat(100_000));
		}
		expect(performance.now() - started).toBeLessThan(2_000);
	});
});

describe('displayLine', () => {
	test('marks newlines, and leaves those at the end away', () => {
		expect(displayLine('first\nsecond\r\nthird\n\n')).toBe('first ↵ second ↵ third');
	});

	test('leaves no hidden character away', () => {
		expect(displayLine('end\ufeff')).toBe('end⟨U+FEFF⟩');
	});
});
