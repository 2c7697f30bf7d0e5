from locust import task
from locust.contrib.fasthttp import FastHttpUser


class Visitor(FastHttpUser):
    @task
    def get(self):
        self.client.get("/")
