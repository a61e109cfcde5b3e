/** The spec files of the integration tests that come out the same on whatever servers, by their paths in the repository. */
export function sameOnOtherServers(): string[];
