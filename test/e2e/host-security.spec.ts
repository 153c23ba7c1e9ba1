import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright/test';
import { expect, test } from './fixtures.ts';

test('a page is a web page: nothing of Node, and of the host a pipe at most', async ({ app }) => {
	const page = await app.start();
	const found = await page.evaluate(() => {
		const host = Reflect.get(window, 'host') as object | undefined;
		return {
			node: ['require', 'process', 'module', 'global', 'Buffer'].filter((name) => name in window),
			bridge: host && Object.keys(host).sort(),
			isFrozen: Object.isFrozen(host),
		};
	});
	const bridge = app.hostKind === 'web' ? undefined : ['onClose', 'onMessage', 'pathOf', 'send'];
	expect(found).toEqual({ node: [], bridge, isFrozen: true });
});

test('a page loads from its host only', async ({ app }) => {
	const urls: string[] = [];
	const page = await app.start();
	page.on('request', (request) => urls.push(request.url()));
	await page.reload();
	await expect(page.getByRole('button', { name: 'Open file' }).first()).toBeVisible();
	const origin = page.url().slice(0, page.url().indexOf('/', 'https://'.length));
	expect(urls.length).toBeGreaterThan(2);
	expect(urls.filter((url) => !url.startsWith(`${origin}/`))).toEqual([]);
});

const forbidden: Readonly<Record<string, readonly [() => unknown, string]>> = {
	'markup from a string': [
		() => (document.body.innerHTML = '<img src=x onerror=alert(1)>'),
		'require-trusted-types-for',
	],
	'code from a string': [
		// Later, on the page's own time: what a debugger evaluates may do more.
		() => setTimeout(() => (Reflect.get(window, 'eval') as (code: string) => void)('1')),
		'require-trusted-types-for',
	],
	'an inline script': [
		() => {
			const script = document.createElement('script');
			script.append(document.createTextNode('document.title = "inline"'));
			document.head.append(script);
		},
		'require-trusted-types-for',
	],
	'a script from elsewhere': [
		() => {
			const link = document.createElement('link');
			link.rel = 'modulepreload';
			link.href = 'https://evil.example/script.js';
			document.head.append(link);
		},
		'script-src-elem',
	],
	'another maker of trusted markup': [
		() => {
			const { trustedTypes } = window as unknown as {
				readonly trustedTypes: { createPolicy(name: string, rules: object): void };
			};
			trustedTypes.createPolicy('mine', {});
		},
		'trusted-types',
	],
	'an inline style': [
		() => {
			const style = document.createElement('style');
			style.textContent = 'body { display: none }';
			document.head.append(style);
		},
		'style-src-elem',
	],
	'an image from elsewhere': [
		() => {
			const image = new Image();
			image.src = 'https://evil.example/pixel.png';
		},
		'img-src',
	],
	'a request to elsewhere': [() => fetch('https://evil.example/').catch(() => {}), 'connect-src'],
	'a frame': [
		() => {
			const frame = document.createElement('iframe');
			frame.src = 'https://evil.example/';
			document.body.append(frame);
		},
		'frame-src',
	],
	'a form to elsewhere': [
		() => {
			const form = document.createElement('form');
			form.action = 'https://evil.example/';
			document.body.append(form);
			form.submit();
		},
		'form-action',
	],
};

test('the content security policy forbids what no page of the app does', async ({ app }) => {
	const page = await app.start();
	for (const [what, [attempt, directive]] of Object.entries(forbidden)) {
		await test.step(what, async () => {
			await page.reload();
			app.takeProblems();
			expect(await violationBy(page, attempt)).toBe(directive);
			// The browser reports each of them as an error of the page.
			await expect.poll(() => app.takeProblems().length).toBeGreaterThan(0);
		});
	}
	await page.reload();
	app.takeProblems();
});

test('text out of a log stays text', async ({ app }) => {
	const path = join(app.folder, '<img src=x onerror=alert(1)>.jsonl');
	const attack = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
	const fields = ['message', 'logger', 'task_id', 'level', attack];
	writeFileSync(path, `${JSON.stringify(Object.fromEntries(fields.map((f) => [f, attack])))}\n`);
	const page = await app.start(path);
	await page.getByRole('row').filter({ hasText: attack }).click();
	await expect(page.getByRole('region', { name: 'Details' })).toContainText(attack);
	expect(await page.title()).toContain('AsyncZ Companion');
	expect(await page.locator('img[onerror], body script').count()).toBe(0);
});

/** The directive that stopped what is attempted in the page. */
async function violationBy(page: Page, attempt: () => unknown): Promise<unknown> {
	const violation = await page.evaluateHandle(() => ({
		directive: new Promise<string>((resolve) => {
			document.addEventListener('securitypolicyviolation', (event) => {
				resolve(event.effectiveDirective);
			});
		}),
	}));
	// Some throw where they are stopped, some don't.
	await page.evaluate(attempt).catch(() => {});
	return violation.evaluate(({ directive }) => directive);
}
