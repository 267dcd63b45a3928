/** Synthetic customers, purchases and answers with effects that are planted, and told. */
package manyi.generate;
