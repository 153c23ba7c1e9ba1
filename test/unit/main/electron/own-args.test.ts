import { expect, it } from 'vitest';
import { ownArgs, parseHandedOver } from '#main/electron/own-args.ts';

it('finds the arguments after the app folder, whatever switches come before', () => {
	const argv = ['/electron', '--no-sandbox', '--inspect=0', '/app/', '--data', '/d', 'a.log'];
	expect(ownArgs(argv, '/app', false)).toEqual(['--data', '/d', 'a.log']);
});

it('takes all arguments of the packaged app', () => {
	expect(ownArgs(['/app/companion', 'a.log'], '/app/resources/app.asar', true)).toEqual(['a.log']);
});

it.each([
	undefined,
	null,
	'a.log',
	{ args: 'a.log', cwd: '/' },
	{ args: [1], cwd: '/' },
	{ args: [] },
	{ args: Array.from({ length: 1_001 }, () => 'x'), cwd: '/' },
])('takes %j for nothing handed over', (value) => {
	expect(parseHandedOver(value)).toBeUndefined();
});

it('reads what a second start hands over', () => {
	expect(parseHandedOver({ args: ['a.log'], cwd: '/x', more: 1 })).toEqual({
		args: ['a.log'],
		cwd: '/x',
	});
});
