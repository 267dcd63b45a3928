/** The job document and the questionnaire: records, and the readers that list every fault of a document at once. */
package manyi.config;
