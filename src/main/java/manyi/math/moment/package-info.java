/** Weighted sums of products of items: all that path models, reliability and drivers need to know of the answers. */
package manyi.math.moment;
