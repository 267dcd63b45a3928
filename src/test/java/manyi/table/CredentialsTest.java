package manyi.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "s3a://AKIA:se/cr@et@bucket/x.csv, s3a://***@bucket/x.csv",
                "ftp://me:12345@host/x, ftp://***@host/x",
                "https://host/x.csv?token=secret&v=1, https://host/x.csv?***",
                "jdbc:mysql://host/db?user=me, jdbc:mysql:***",
                "jdbc:oracle:thin:scott/tiger@host, jdbc:oracle:***",
                "cannot read 'https://me:pw@host/x': refused, cannot read 'https://***@host/x': refused",
            })
    void areHiddenAndTheRestOfTheAddressStays(String text, String shown) {
        assertThat(Credentials.hidden(text)).isEqualTo(shown);
        assertThat(Credentials.isIn(text)).isTrue();
        assertThat(new Failure(Failure.Kind.USAGE, text)).hasMessage(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data/2026-0?/*.csv",
                "hdfs://namenode:8020/a@b/x.csv",
                "abfss://container@account.dfs.core.windows.net/x/?.csv",
                "file:/data/me@home: no file. Correct `path:` in the job document",
                "no file at x?.csv; rows break [weight > 0] a@b",
            })
    void areNotSeenWhereNoneAre(String text) {
        assertThat(Credentials.hidden(text)).isEqualTo(text);
    }

    @Test
    void noTextTakesLongToSearch() {
        String text = "//a:".repeat(100_000);
        assertThat(Credentials.hidden(text)).isEqualTo(text);
    }
}
