/**
 * A frame that is not read, with the reason as a sentence. The connection can go on: the frame's
 * length says where the next one begins.
 */
export class FrameRefused extends Error {
	override readonly name = 'FrameRefused';
}
