/** The kinds of input, each declared in one class. */
package manyi.config.kind;
