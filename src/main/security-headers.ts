/**
 * The headers every answer of both hosts carries. Nothing is loaded from elsewhere, no inline
 * script or style runs, and only Svelte may turn strings into markup. `connect` names what
 * scripts may connect to.
 */
export function securityHeaders(connect: string): Readonly<Record<string, string>> {
	const policy = [
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src 'self' data:",
		"font-src 'self'",
		`connect-src ${connect}`,
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
		"object-src 'none'",
		"require-trusted-types-for 'script'",
		'trusted-types svelte-trusted-html',
	];
	return {
		'Content-Security-Policy': policy.join('; '),
		'X-Content-Type-Options': 'nosniff',
		'Referrer-Policy': 'no-referrer',
		'Cache-Control': 'no-store',
		'Cross-Origin-Opener-Policy': 'same-origin',
		'Cross-Origin-Resource-Policy': 'same-origin',
	};
}
