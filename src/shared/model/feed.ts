/** How a feed is doing, as whoever receives it tells. */
export interface FeedStatus {
	/** Absolute path of its journal folder: what joins it with the engine's source. */
	readonly folder: string;
	readonly name: string;
	/** Whether it came to us, or we connect to it. */
	readonly kind: 'listen' | 'connect';
	/**
	 * - `lines`: any text, one record a line
	 * - `acked`: numbered lines, resent until they are known to be stored
	 * - `socket-handler`: frames of Python's `logging.handlers.SocketHandler`
	 * - `datagram`: those of `DatagramHandler`
	 */
	readonly protocol: 'lines' | 'acked' | 'socket-handler' | 'datagram';
	readonly state: 'connected' | 'disconnected' | 'retrying';
	/** When the connection was made, or lost; milliseconds since 1970. */
	readonly since: number;
	/** The other side: "unix socket", "127.0.0.1:53211", the address connected to. */
	readonly peer: string;
	/** What is the matter: "Retrying in 4 s: connection refused". */
	readonly message?: string;
	/** In this run of the receiver: records taken, … */
	readonly records: number;
	/** … frames that could not be decoded, … */
	readonly refused: number;
	/** … and records that there was no room for. */
	readonly dropped: number;
}

/** How an address is doing that is listened on or connected to. */
export interface EndpointStatus {
	/** As `formatAddress` writes it; the whole path of the fixed place. */
	readonly address: string;
	readonly kind: 'listen' | 'connect';
	readonly state: 'listening' | 'connected' | 'retrying' | 'failed';
	/** What is the matter, and what to do. */
	readonly message?: string;
	/** Connections there are now. */
	readonly clients: number;
}

/** All that is known of feeds at a moment. */
export interface FeedsStatus {
	readonly endpoints: readonly EndpointStatus[];
	/** Those connected in this run, also if they are not any more. */
	readonly feeds: readonly FeedStatus[];
}

export const NO_FEEDS: FeedsStatus = { endpoints: [], feeds: [] };
