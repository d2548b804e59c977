package io.postern.config.services;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantsTest {

    @ParameterizedTest(name = "{0} is of {1}")
    @CsvSource(nullValues = "nobody", textBlock = """
            acme.sharepoint.com,                   acme
            ACME.SharePoint.com.,                  acme
            acme.slack.com,                        acme
            www.slack.com,                         nobody
            slack.com,                             nobody
            acme.enterprise.slack.com,             acme
            mailer.acme.workers.dev,               acme
            bucket.s3.amazonaws.com,               bucket
            my.bucket.s3.eu-west-1.amazonaws.com,  my.bucket
            bucket.s3-us-west-2.amazonaws.com,     bucket
            s3.amazonaws.com,                      nobody
            s3.eu-west-1.amazonaws.com,            nobody
            dynamodb.eu-west-1.amazonaws.com,      nobody
            acme.blob.core.windows.net,            acme
            acme-default-rtdb.firebaseio.com,      acme-default-rtdb
            a.b.storage.googleapis.com,            a.b
            www.example.com,                       nobody
            192.0.2.1,                             nobody
            '',                                    nobody
            """)
    void namesWhosePartOfAPlatformItIs(String host, String tenant) {
        assertThat(Tenants.shipped().of(host)).isEqualTo(tenant == null ? "" : tenant);
    }
}
