/** Manyi, a customer-satisfaction lakehouse on Apache Spark and Delta DeltaStore. */
package manyi;
