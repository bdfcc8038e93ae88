/** Stands in for the cache of endpoint discovery, which stays off: made with each client, never asked. */
export class EndpointCache {
  get(): undefined {
    throw new Error('endpoint discovery is not part of this bundle');
  }
}
