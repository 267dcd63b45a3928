/** Manyi, a customer-satisfaction lakehouse on Apache Spark and Delta Lake. */
package manyi;
