/** What moves satisfaction: the importance of groups of items for an outcome, from covariances alone. */
package manyi.math.driver;
