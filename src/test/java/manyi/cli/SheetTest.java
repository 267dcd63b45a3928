package manyi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import manyi.testing.Sparks;
import org.junit.jupiter.api.Test;

class SheetTest {

    private static final Sheet SHEET = Sheet.of(
            List.of("segment", "customers", "csi"),
            List.of(
                    Arrays.asList("East \"1\", old", 12L, 71.23456789),
                    Arrays.asList("华东", 1200L, null),
                    Arrays.asList(null, 3L, new BigDecimal("0.10"))));

    @Test
    void linesUpColumnsForPeopleWhateverTheScript() {
        assertThat(SHEET.text(Sheet.Format.TABLE)).isEqualTo("""
                segment        customers      csi
                ─────────────  ─────────  ───────
                East "1", old         12  71.2346
                华东                1200
                                       3     0.10
                """);
    }

    @Test
    void writesCsvThatAProgramReadsBack() {
        assertThat(SHEET.text(Sheet.Format.CSV))
                .isEqualTo(
                        "segment,customers,csi\r\n\"East \"\"1\"\", old\",12,71.23456789\r\n华东,1200,\r\n,3,0.10\r\n");
    }

    @Test
    void writesAnObjectPerLine() {
        assertThat(SHEET.text(Sheet.Format.JSON)).isEqualTo("""
                {"segment":"East \\"1\\", old","customers":12,"csi":71.23456789}
                {"segment":"华东","customers":1200,"csi":null}
                {"segment":null,"customers":3,"csi":0.10}
                """);
    }

    @Test
    void saysWhereRowsWereCutOff() {
        var rows = Sparks.session().range(5).toDF();
        assertThat(Sheet.of(rows, 3).rows()).hasSize(3);
        assertThat(Sheet.of(rows, 3).isCut()).isTrue();
        assertThat(Sheet.of(rows, 5).isCut()).isFalse();
    }

    @Test
    void letsNoControlCharacterOntoTheTerminal() {
        var sheet = Sheet.of(List.of("a"), List.of(List.of("\u001b[2Jx\ny")));
        assertThat(sheet.text(Sheet.Format.TABLE)).isEqualTo("a\n──────\n [2Jx y\n".replace("──────", "───────"));
    }
}
