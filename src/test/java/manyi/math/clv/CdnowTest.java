package manyi.math.clv;

import org.junit.jupiter.api.Test;

class CdnowTest {
    @Test
    void prints() {
        System.out.println(BgNbd.fit(Cdnow.sample().cells()));
        System.out.println(MbgNbd.fit(Cdnow.sample().cells()));
        System.out.println(ParetoNbd.fit(Cdnow.sample().cells()));
        System.out.println(GammaGamma.fit(Cdnow.sample().spends()));
        System.out.println(GammaGamma.correlation(Cdnow.sample().spends()));
        var m = new BgNbd(.243, 4.414, .793, 2.426);
        System.out.println(m.probabilityAlive(2, 30.43, 38.86) + " " + m.expectedPurchases(2, 30.43, 38.86, 39));

        System.out.println(ShiftedBetaGeometric.fit(java.util.List.of(
                new ShiftedBetaGeometric.Cohort(java.util.List.of(1000L, 631L, 468L, 382L, 326L, 289L, 262L, 241L)))));
        System.out.println(ShiftedBetaGeometric.fit(java.util.List.of(
                new ShiftedBetaGeometric.Cohort(java.util.List.of(1000L, 869L, 743L, 653L, 593L, 551L, 517L, 491L)))));
        try (var lines = java.nio.file.Files.lines(Cdnow.reference().resolve("cdnow/donations.csv"))) {
            System.out.println(BgBb.fit(lines.skip(1)
                    .map(l -> l.split(","))
                    .map(w -> new BgBb.Occasions(
                            Integer.parseInt(w[0]),
                            Integer.parseInt(w[1]),
                            Integer.parseInt(w[2]),
                            Long.parseLong(w[3])))
                    .toList()));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
