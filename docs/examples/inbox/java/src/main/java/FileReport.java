import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Files one accident declaration through the inbox and prints its outcome. See
 * docs/INTEGRATORS.md.
 *
 * <p>Arguments: brokers, integrator id, address of the platform and, if the brokers ask who you are,
 * a file with the security settings of a Kafka client (security.protocol, sasl.jaas.config …).
 */
public final class FileReport {
  private FileReport() {}

  public static void main(String[] args) throws Exception {
    if (args.length < 3 || args.length > 4) {
      System.err.println("usage: FileReport BROKERS INTEGRATOR http(s)://PLATFORM [CLIENT.PROPERTIES]");
      System.exit(2);
    }
    Properties client = client(args[0], args.length == 4 ? args[3] : null);
    String inbox = "atvsld.inbox." + args[1];
    String outcomes = "atvsld.outcome." + args[1];

    // Both ids are kept with the report in your own system before anything is sent. After a
    // crash the very same is sent again, which is always safe.
    String reportId = uuid7();
    String eventId = UUID.randomUUID().toString();

    String letter = seal(publishedKey(args[2]), inbox, eventId, reportId, privateTexts());
    ProducerRecord<String, String> message =
        new ProducerRecord<>(inbox, reportId, JSONObjectUtils.toJSONString(declaration(reportId, letter)));
    message.headers().add("ce_specversion", "1.0".getBytes(UTF_8));
    message.headers().add("ce_type", "vn.atvsld.submission.v1".getBytes(UTF_8));
    message.headers().add("ce_source", ("/" + args[1] + "/example-java").getBytes(UTF_8));
    message.headers().add("ce_id", eventId.getBytes(UTF_8));
    message.headers().add("content-type", "application/json".getBytes(UTF_8));

    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(client, new StringDeserializer(), new StringDeserializer())) {
      // A real system reads the outcomes as a consumer group; the example looks from now on.
      List<TopicPartition> all =
          consumer.partitionsFor(outcomes).stream().map(p -> new TopicPartition(outcomes, p.partition())).toList();
      consumer.assign(all);
      consumer.endOffsets(all).forEach(consumer::seek);
      send(client, message);
      String outcome = await(consumer, eventId);
      new PrintStream(System.out, true, UTF_8).println(outcome);
      System.exit("accepted".equals(JSONObjectUtils.parse(outcome).get("state")) ? 0 : 1);
    }
  }

  private static Properties client(String brokers, String file) throws IOException {
    Properties properties = new Properties();
    if (file != null) {
      try (Reader reader = Files.newBufferedReader(Path.of(file))) {
        properties.load(reader);
      }
    }
    properties.setProperty("bootstrap.servers", brokers);
    return properties;
  }

  private static void send(Properties client, ProducerRecord<String, String> message) throws Exception {
    // The defaults are right: acks=all, idempotence, and murmur2 of the key.
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
      producer.send(message).get();
    }
  }

  private static String await(KafkaConsumer<String, String> consumer, String eventId) {
    Instant deadline = Instant.now().plusSeconds(120);
    while (Instant.now().isBefore(deadline)) {
      for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(500))) {
        Header cause = record.headers().lastHeader("ce_causeid");
        if (cause != null && new String(cause.value(), UTF_8).equals(eventId)) {
          return record.value();
        }
      }
    }
    throw new IllegalStateException("no outcome within two minutes");
  }

  /** The key to which personal data is encrypted: the first of the published set. */
  private static ECKey publishedKey(String platform) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(platform + "/v1/inbox/keys")).build();
    HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IllegalStateException("keys of the inbox: status " + response.statusCode());
    }
    return JWKSet.parse(response.body()).getKeys().get(0).toECKey();
  }

  /** Encrypts the personal values for one message; in any other the platform refuses them. */
  private static String seal(ECKey to, String topic, String eventId, String key, Map<String, Object> texts)
      throws JOSEException {
    JWEHeader header =
        new JWEHeader.Builder(JWEAlgorithm.ECDH_ES_A256KW, EncryptionMethod.A256GCM)
            .type(new JOSEObjectType("atvsld-private+jwe"))
            .keyID(to.getKeyID())
            .customParam("topic", topic)
            .customParam("ce_id", eventId)
            .customParam("key", key)
            .build();
    JWEObject jwe = new JWEObject(header, new Payload(JSONObjectUtils.toJSONString(texts)));
    jwe.encrypt(new ECDHEncrypter(to));
    return jwe.serialize();
  }

  /** Everything personal: where it belongs in the submission, and the text. */
  private static Map<String, Object> privateTexts() {
    return Map.of(
        "/content/reporter/name", "Công ty Xây lắp Sông Hồng",
        "/content/summary", "Ngã từ giàn giáo cao 8 m khi tháo ván khuôn.",
        "/content/victims/0/name", "Nguyễn Văn An",
        "/content/victims/0/birth_year", "1985");
  }

  /** The rest of the submission, as for POST /v1/reports. */
  private static Map<String, Object> declaration(String reportId, String letter) {
    OffsetDateTime occurred = OffsetDateTime.now(ZoneOffset.ofHours(7)).minusHours(3).truncatedTo(ChronoUnit.SECONDS);
    Map<String, Object> content = new LinkedHashMap<>();
    content.put(
        "reporter",
        Map.of("type", "establishment", "tax_code", "0100109106", "province", Map.of("list", "34", "code", "01")));
    content.put("occurred_at", occurred.format(DateTimeFormatter.ISO_OFFSET_DATE_TIME));
    content.put("place", Map.of("province", Map.of("list", "34", "code", "24")));
    content.put("industry", Map.of("version", "2025", "code", "F"));
    content.put("cause", "1");
    content.put(
        "victims",
        List.of(
            Map.of(
                "sex", "male",
                "employment", "contract",
                "under_management", true,
                "severity", "dead",
                "died_on", occurred.toLocalDate().toString())));
    Map<String, Object> submission = new LinkedHashMap<>();
    submission.put("kind", "accident_declaration");
    submission.put("report_id", reportId);
    submission.put("content", content);
    submission.put("private", letter);
    return submission;
  }

  /** A UUID of version 7 (RFC 9562): milliseconds, then random bits. */
  private static String uuid7() {
    SecureRandom random = new SecureRandom();
    long high = System.currentTimeMillis() << 16 | 0x7000 | random.nextInt(0x1000);
    long low = random.nextLong() & 0x3fffffffffffffffL | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }
}
