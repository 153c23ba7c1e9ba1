import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#shared/model/settings.ts';
import { SettingsForm } from '../../../src/renderer/state/settings-form.svelte.ts';

describe('the form of the settings', () => {
	test('shows what is set, sizes in GB', () => {
		const form = new SettingsForm(DEFAULT_SETTINGS);
		expect([form.keep_text, form.rows, form.bytes, form.days]).toEqual([true, '0', '20', '0']);
	});

	test('reads what is typed, with the marks people put into numbers', () => {
		const form = new SettingsForm(DEFAULT_SETTINGS);
		Object.assign(form, {
			keep_text: false,
			rows: '1,000,000',
			bytes: ' 1.5 ',
			days: '30',
			wrap: true,
		});
		expect(form.read()).toEqual({
			keep_text: false,
			letter_keys: true,
			newest: 'top',
			density: 'normal',
			wrap: true,
			zebra: false,
			retention: { rows: 1_000_000, bytes: 1.5 * 1_024 ** 3, days: 30 },
		});
		expect(form.problems).toEqual({});
	});

	test('leaves a size alone that cannot be written in GB exactly', () => {
		const retention = { rows: 5, bytes: 1_234_567_891, days: 1 };
		const form = new SettingsForm({ ...DEFAULT_SETTINGS, retention });
		expect(form.bytes).toBe('1.15');
		expect(form.read()?.retention).toEqual(retention);
	});

	test.each([
		['rows', ''],
		['rows', '1.5'],
		['rows', '-1'],
		['rows', '1e3'],
		['rows', '1,000,000,000,001'],
		['bytes', 'all'],
		['bytes', '1.2.3'],
		['bytes', '.'],
		['bytes', '1000000'],
		['days', '36501'],
		['days', '7 days'],
	] as const)('%s: %j would not do, and the form says what would', (bound, text) => {
		const form = new SettingsForm(DEFAULT_SETTINGS);
		form[bound] = text;
		expect(form.read()).toBeUndefined();
		expect(Object.keys(form.problems)).toEqual([bound]);
		expect(form.problems[bound]).toMatch(/^Type a .* or 0 for no bound\.$/);
		form[bound] = '1';
		expect(form.read()?.retention?.[bound]).toBeGreaterThan(0);
		expect(form.problems).toEqual({});
	});
});
